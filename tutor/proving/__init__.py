"""Proving a course: its solutions pass, its starters and wrong answers fail, and no check is blind."""
