/** What a marker can ask about the Python that a distribution is installed for (PEP 508, "Environment Markers"). */

/** The variables that describe an interpreter and its machine; `extra` is not one of them. */
export type MarkerVariable =
  | "implementation_name"
  | "implementation_version"
  | "os_name"
  | "platform_machine"
  | "platform_python_implementation"
  | "platform_release"
  | "platform_system"
  | "platform_version"
  | "python_full_version"
  | "python_version"
  | "sys_platform";

/** All of them, sorted. */
export const markerVariables: readonly MarkerVariable[] = [
  "implementation_name",
  "implementation_version",
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_full_version",
  "python_version",
  "sys_platform",
];

/** What is known about a target: an interpreter tells all variables, an abbreviated platform only some. */
export type MarkerEnvironment = Readonly<Partial<Record<MarkerVariable, string>>>;
