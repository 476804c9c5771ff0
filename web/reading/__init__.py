"""Reading pages: articles, collections, chronicles, office-holders, comparisons."""
