export function testFilesOf(file: string, testFiles: string[], root: string): (string | undefined)[];
