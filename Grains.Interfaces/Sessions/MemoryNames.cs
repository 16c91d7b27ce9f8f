namespace Actors.Sessions;

/// <summary>The names under which kinds and scopes are stored in Postgres and spoken over HTTP: lower case, one word.</summary>
public static class MemoryNames
{
    /// <summary>The stored name of a scope.</summary>
    public static string Of(MemoryScope scope) => Scopes[(int)scope];

    /// <summary>The stored name of a kind.</summary>
    public static string Of(MemoryType type) => Types[(int)type];

    /// <summary>All scope names.</summary>
    public static IReadOnlyList<string> Scopes { get; } = ["run", "session", "user", "project", "global"];

    /// <summary>All kind names.</summary>
    public static IReadOnlyList<string> Types { get; } = ["event", "reflection", "decision"];

    /// <summary>The scope of that exact name; null when there is none.</summary>
    public static MemoryScope? ScopeOf(string name) => IndexOf(Scopes, name) is { } i ? (MemoryScope)i : null;

    /// <summary>The kind of that exact name; null when there is none.</summary>
    public static MemoryType? TypeOf(string name) => IndexOf(Types, name) is { } i ? (MemoryType)i : null;

    /// <summary>The stored name of what recall may look for.</summary>
    public static string Of(MemoryKind kind) => Kinds[(int)kind];

    /// <summary>All names of what recall may look for: the kinds of events, and <c>fact</c>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Types, "fact"];

    /// <summary>What recall may look for by that exact name; null when there is none.</summary>
    public static MemoryKind? KindOf(string name) => IndexOf(Kinds, name) is { } i ? (MemoryKind)i : null;

    private static int? IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return null;
    }
}
