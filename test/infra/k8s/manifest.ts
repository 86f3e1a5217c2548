import { parseAllDocuments } from 'yaml';

export interface EnvVariable {
  readonly name: string;
  readonly value?: string;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvVariable[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly resources?: { readonly requests?: object; readonly limits?: Readonly<Record<string, string>> };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Pod {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: Selector }[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly secret?: { readonly secretName: string };
  }[];
}

type Labels = Readonly<Record<string, string>>;

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly object[];
}

/** The fields of a resource that tests read; schemas.unit.test.ts checks all of them. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Labels;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: Labels & Selector;
    readonly podSelector?: Selector;
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
    readonly ports?: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
    readonly scaleTargetRef?: { readonly name: string; readonly kind?: string };
    readonly [field: string]: unknown;
  };
}

/** Kustomize breaks long secrets into lines, which the API server joins again. */
const unfolded = (manifest: Manifest): Manifest =>
  manifest.kind === 'Secret' && manifest.data
    ? {
        ...manifest,
        data: Object.fromEntries(
          Object.entries(manifest.data).map(([key, value]) => [key, value.replaceAll(/\s/g, '')]),
        ),
      }
    : manifest;

export const parseManifests = (text: string): readonly Manifest[] =>
  parseAllDocuments(text).map((document) => unfolded(document.toJS() as Manifest));

export interface Workload {
  readonly manifest: Manifest;
  readonly labels: Labels;
  readonly pod: Pod;
}

/** Everything that runs pods. */
export const workloadsOf = (manifests: readonly Manifest[]): readonly Workload[] =>
  manifests.flatMap((manifest) => {
    const template = manifest.spec?.template;
    return template ? [{ manifest, labels: template.metadata.labels, pod: template.spec }] : [];
  });

/** Those that run our image. */
export const ourWorkloads = (manifests: readonly Manifest[]): readonly Workload[] =>
  workloadsOf(manifests).filter(({ pod }) => pod.containers[0]?.name === 'onsale');

export const fits = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);
