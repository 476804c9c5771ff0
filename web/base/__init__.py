"""What all pages share: security, errors, jobs, downloads, rendering."""
