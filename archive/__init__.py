"""What is kept, how it is found, how it leaves. Knows no web and no input format."""
