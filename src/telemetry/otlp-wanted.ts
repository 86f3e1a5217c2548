type Environment = Readonly<Record<string, string | undefined>>;

/** What the standard variables ask to have sent. */
export interface OtlpWanted {
  readonly traces: boolean;
  readonly metrics: boolean;
}

/** Throws what to do instead for a protocol that is not spoken here: sending nothing, unsaid, would be worse. */
export const otlpWanted = (environment: Environment): OtlpWanted => {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return { traces: false, metrics: false };
  return { traces: isWanted(environment, 'TRACES'), metrics: isWanted(environment, 'METRICS') };
};

const isWanted = (environment: Environment, signal: 'TRACES' | 'METRICS'): boolean => {
  const exporter = environment[`OTEL_${signal}_EXPORTER`] || 'otlp';
  const endpoint =
    environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || exporter === 'none') return false;
  if (exporter !== 'otlp') throw new Error(`OTEL_${signal}_EXPORTER must be otlp or none, not ${exporter}`);
  const protocol =
    environment[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ||
    environment['OTEL_EXPORTER_OTLP_PROTOCOL'] ||
    'http/protobuf';
  if (protocol !== 'http/protobuf')
    throw new Error(`OTLP is sent as http/protobuf (usually port 4318), not as ${protocol}`);
  return true;
};
