/** Whether this Node is older than those that coresweep is made for. */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

export const isOldNode = major < 22 || (major === 22 && minor < 18);
