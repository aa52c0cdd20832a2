@rem package.json says "exec node ...", so that signals for npm reach Node and no shell before it. cmd.exe has no exec.
@%*
