using System.Collections.Immutable;

namespace Actors.Access;

/// <summary>Whose rows a caller may see. What belongs to the house is for those who see all, but for facts, which it shares.</summary>
/// <param name="ClientIds">The clients; default (not given): all, and the house.</param>
[GenerateSerializer, Immutable, Alias("ClientVisibility")]
public sealed record ClientVisibility([property: Id(0)] ImmutableArray<string> ClientIds);
