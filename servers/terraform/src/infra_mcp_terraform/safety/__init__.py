"""What keeps a plan from being applied unseen, and previews of what would happen."""
