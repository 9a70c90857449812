"""What of this machine may be sent or overwritten, previews, and what masking did to a text."""
