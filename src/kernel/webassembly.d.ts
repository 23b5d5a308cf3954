/** The part of WebAssembly's JavaScript interface that coresweep uses: TypeScript declares it only together with a browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    /** Brands the type: a module is compiled, never built by hand. */
    private readonly compiled: unknown;
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number; readonly shared: true });
    readonly buffer: SharedArrayBuffer;
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: unknown;
  }
}
