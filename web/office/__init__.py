"""The office at work: registers, records and the steps they take, what is to be done."""
