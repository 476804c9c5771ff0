"""Dates: eras and lunar tables, the date-expression parser, periods."""
