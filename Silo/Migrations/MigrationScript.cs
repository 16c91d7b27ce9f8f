using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Actors.Migrations;

/// <summary>One file <c>sql/NNN_name.sql</c>.</summary>
/// <param name="Number">1, 2, 3 and so on without a gap.</param>
/// <param name="Name">File name with number and ending.</param>
/// <param name="Checksum">SHA-256 of the text with line ends as LF, 64 lower-case hex digits.</param>
internal sealed partial record MigrationScript(int Number, string Name, string Sql, string Checksum)
{
    private const string ResourceFolder = "sql/";

    /// <summary>The scripts built into <paramref name="assembly"/>, ordered by number.</summary>
    /// <exception cref="MigrationNumberingException">A name has no number, or numbers repeat or leave a gap.</exception>
    public static IReadOnlyList<MigrationScript> LoadFrom(Assembly assembly)
    {
        var scripts = new List<MigrationScript>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(ResourceFolder, StringComparison.Ordinal))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            scripts.Add(Create(resource[ResourceFolder.Length..], reader.ReadToEnd()));
        }

        return InOrder(scripts);
    }

    public static MigrationScript Create(string name, string sql)
    {
        var match = FileName().Match(name);
        if (!match.Success)
        {
            throw new MigrationNumberingException($"{name} is not named NNN_what.sql.");
        }

        // A checkout with CRLF must not look like a changed migration.
        var text = sql.ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new MigrationScript(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), name, text, checksum);
    }

    public static IReadOnlyList<MigrationScript> InOrder(IEnumerable<MigrationScript> scripts)
    {
        MigrationScript[] ordered = [.. scripts.OrderBy(script => script.Number).ThenBy(script => script.Name, StringComparer.Ordinal)];
        for (var i = 0; i < ordered.Length; i++)
        {
            if (i > 0 && ordered[i].Number == ordered[i - 1].Number)
            {
                throw new MigrationNumberingException($"{ordered[i - 1].Name} and {ordered[i].Name} have the same number.");
            }

            if (ordered[i].Number != i + 1)
            {
                throw new MigrationNumberingException($"{ordered[i].Name} follows number {i}; number {i + 1} is missing.");
            }
        }

        return ordered;
    }

    [GeneratedRegex(@"^([0-9]{3})_[a-z0-9_]+\.sql$")]
    private static partial Regex FileName();
}
