"""The office at work: people and how they sign in, registers, records and the steps they take, what is to be done."""
