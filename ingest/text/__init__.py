"""What is read out of the characters alone: encodings, line ends, bylines, dates."""
