"""The command `wenshi`, a module for each topic."""
