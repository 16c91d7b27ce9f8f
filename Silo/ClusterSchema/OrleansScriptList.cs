using System.Text;
using System.Text.RegularExpressions;

namespace Actors.ClusterSchema;

/// <summary>The scripts which the cluster build's version of Orleans needs.</summary>
/// <param name="OrleansVersion">Of the packages, such as <c>10.4.2</c>.</param>
/// <param name="Ref">Commit of Orleans' repository which the scripts are of.</param>
/// <param name="Source">Address of the repository's root; <c>{ref}</c> in it stands for <paramref name="Ref"/>.</param>
/// <param name="Scripts">In the order of application.</param>
internal sealed partial record OrleansScriptList(string OrleansVersion, string Ref, string Source, IReadOnlyList<OrleansScript> Scripts)
{
    private const string Resource = "orleans/scripts.sha256";

    /// <summary>The list built into this assembly, <c>sql/orleans/scripts.sha256</c>.</summary>
    public static OrleansScriptList Load()
    {
        using var reader = new StreamReader(typeof(OrleansScriptList).Assembly.GetManifestResourceStream(Resource)!, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>
    /// Reads lines as <c>sha256sum</c> writes them, each after a comment <c># creates: relation</c>; the comments <c># version:</c>,
    /// <c># ref:</c> and <c># source:</c> must be there as well.
    /// </summary>
    /// <exception cref="OrleansScriptException">A line is neither, or something is missing.</exception>
    public static OrleansScriptList Parse(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var scripts = new List<OrleansScript>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (Setting().Match(line) is { Success: true } setting)
            {
                settings[setting.Groups[1].Value] = setting.Groups[2].Value;
            }
            else if (Entry().Match(line) is { Success: true } entry)
            {
                var path = entry.Groups[2].Value;
                // Taken away, so that the next entry must bring its own.
                scripts.Add(settings.Remove("creates", out var relation)
                    ? new OrleansScript(path, entry.Groups[1].Value, relation)
                    : throw Unreadable($"'{path}' follows no line '# creates:'"));
            }
            else if (line is not "" && !line.StartsWith('#'))
            {
                throw Unreadable($"'{line}' is neither a comment nor a hash and a path");
            }
        }

        return new OrleansScriptList(Get("version"), Get("ref"), Get("source"), scripts);

        string Get(string name) => settings.TryGetValue(name, out var value) ? value : throw Unreadable($"it has no line '# {name}:'");
    }

    private static OrleansScriptException Unreadable(string reason) => new($"The list of Orleans' scripts cannot be read: {reason}.");

    [GeneratedRegex(@"^# (version|ref|source|creates): (\S+)$")]
    private static partial Regex Setting();

    // No segment of the path starts with a dot: it is looked for below a folder, and must not lead out of it.
    [GeneratedRegex(@"^([0-9a-f]{64})  ((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)$")]
    private static partial Regex Entry();
}
