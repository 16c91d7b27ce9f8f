namespace Actors;

/// <summary>A value to set; null in its place: not given, what is there stays.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="Value">The value; null: none.</param>
[GenerateSerializer, Immutable, Alias("Given`1")]
public sealed record Given<T>([property: Id(0)] T? Value);
