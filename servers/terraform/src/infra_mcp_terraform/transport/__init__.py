"""The only way out: the terraform program, and the files of projects, runs and saved plans."""
