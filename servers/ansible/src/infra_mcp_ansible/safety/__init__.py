"""What is looked at before something runs, and what may not run at once."""
