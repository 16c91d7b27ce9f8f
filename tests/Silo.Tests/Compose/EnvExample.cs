using System.Text.RegularExpressions;
using Actors.Support;

namespace Actors.Compose;

/// <summary>compose/.env.example, line by line.</summary>
internal static partial class EnvExample
{
    public const string Path = "compose/.env.example";

    /// <summary>Not in the compose file: Compose itself reads it.</summary>
    public const string ProjectName = "COMPOSE_PROJECT_NAME";

    /// <summary>Without these nothing starts.</summary>
    public static IReadOnlyList<string> Secrets { get; } = ["POSTGRES_PASSWORD", "VALKEY_PASSWORD", "ADMIN_KEY"];

    public static IReadOnlyList<Entry> Entries { get; } = Read();

    /// <summary>What a copy of the file sets.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } = Entries.Where(e => e.IsSet).ToDictionary(e => e.Name, e => e.Value);

    private static List<Entry> Read()
    {
        var entries = new List<Entry>();
        var before = "";
        foreach (var line in SourceTree.Read(Path).Split('\n'))
        {
            if (Assignment().Match(line) is { Success: true } match)
            {
                var isSet = !line.StartsWith('#');
                entries.Add(new Entry(match.Groups["name"].Value, match.Groups["value"].Value, isSet, before));
            }

            before = line;
        }

        return entries;
    }

    [GeneratedRegex("^#?(?<name>[A-Z][A-Za-z_]*)=(?<value>.*)$")]
    private static partial Regex Assignment();

    /// <param name="IsSet">Whether it stands there as an assignment; else it is commented out, an optional one.</param>
    /// <param name="LineBefore">The line above.</param>
    public sealed record Entry(string Name, string Value, bool IsSet, string LineBefore);
}
