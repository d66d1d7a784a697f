"""What the editor may offer at the cursor, and what a call wants: pure functions over a text and what is known."""
