/** The sink checks no signature; these only have to be there. */
export const credentials = { accessKeyId: "BENCHMARK", secretAccessKey: "of-no-account" } as const;
