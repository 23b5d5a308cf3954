/** Loaded before a program (node --import): its clock is a day ahead. */
const { now } = Date;
Date.now = () => now() + 86_400_000;
