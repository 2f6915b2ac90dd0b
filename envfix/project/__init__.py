"""Who receives which variable, what each character of it comes from, who reaches whom, and who serves a port."""
