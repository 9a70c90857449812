"""What stands before anything that can't be undone: protected guests, and previews bound to what they show."""
