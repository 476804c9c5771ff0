"""A library laid down for decades: OCFL objects and bags that can be read without this program, and the way back."""
