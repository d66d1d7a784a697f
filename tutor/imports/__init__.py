"""A lesson from elsewhere: a Jupyter notebook becomes a draft."""
