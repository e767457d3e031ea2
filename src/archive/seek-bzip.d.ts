/** What we use of a library that comes without types. */
declare module "seek-bzip" {
  const Bunzip: {
    /** @param multistream Whether the input may be several compressed files, one behind the other. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): void;
  };
  export default Bunzip;
}
