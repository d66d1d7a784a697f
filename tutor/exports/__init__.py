"""A course in other forms: an archive, notebooks, Markdown."""
