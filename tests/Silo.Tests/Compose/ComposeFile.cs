using System.Globalization;
using Actors.Support;
using YamlDotNet.RepresentationModel;

namespace Actors.Compose;

/// <summary>compose/compose.yaml with the values of .env.example.</summary>
internal static class ComposeFile
{
    public const string Path = "compose/compose.yaml";

    private static readonly YamlMappingNode Document = Parse();

    public static ComposeValue Root { get; } = new(Document);

    public static IReadOnlyDictionary<string, ComposeService> Services { get; } =
        Root["services"].Members.ToDictionary(service => service.Key, service => new ComposeService(service.Key, service.Value));

    /// <summary>Those that run all the time, not to their end.</summary>
    public static IEnumerable<ComposeService> LastingServices => Services.Values.Where(service => service.Value["restart"].Text == "unless-stopped");

    /// <summary>Variables the file uses, in every place.</summary>
    public static IReadOnlyList<ComposeVariables.Use> Uses { get; } =
        [.. Document.AllNodes.OfType<YamlScalarNode>().SelectMany(scalar => ComposeVariables.In(scalar.Value ?? ""))];

    private static YamlMappingNode Parse()
    {
        using var text = new StringReader(SourceTree.Read(Path));
        var stream = new YamlStream();
        stream.Load(text);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }
}

/// <summary>A service of the compose file; <see cref="Value"/> has what the other members do not.</summary>
internal sealed record ComposeService(string Name, ComposeValue Value)
{
    public string Image => Value["image"].Text;

    public IReadOnlyList<string> Command => Value["command"].Items;

    public IReadOnlyList<string> Networks => Value["networks"].Items;

    /// <summary>Source to target; a target may have <c>:ro</c>.</summary>
    public IReadOnlyDictionary<string, string> Volumes => Value["volumes"].Items.ToDictionary(v => v[..v.IndexOf(':')], v => v[(v.IndexOf(':') + 1)..]);

    public IReadOnlyDictionary<string, string> Labels => Value["labels"].Items.ToDictionary(l => l[..l.IndexOf('=')], l => l[(l.IndexOf('=') + 1)..]);

    /// <summary>In bytes, of one replica; null: none is set.</summary>
    public long? MemoryLimit => Value["deploy.resources.limits.memory"].Text is [.. var number, 'M'] ? long.Parse(number) << 20 : null;

    public int Replicas => Value["deploy.replicas"].Text is { Length: > 0 } number ? int.Parse(number, CultureInfo.InvariantCulture) : 1;

    /// <summary>What must have happened to <paramref name="other"/> before this starts; empty: nothing.</summary>
    public string WaitsFor(string other) => Value["depends_on"][other]["condition"].Text;
}
