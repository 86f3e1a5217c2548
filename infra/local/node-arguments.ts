/**
 * How node runs a role, as the image does. The young generation gets what Node 20 gives it: Node 24 gives it
 * twice that and takes 60 MB more with ten thousand clients waiting.
 */
export const nodeArguments: readonly string[] = ['--max-semi-space-size=16'];
