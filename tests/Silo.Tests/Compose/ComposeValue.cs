using YamlDotNet.RepresentationModel;

namespace Actors.Compose;

/// <summary>A value of the compose file, its variables filled in from the example. What is not there has no text, items or members.</summary>
internal sealed class ComposeValue(YamlNode? node)
{
    public bool Exists => node is not null;

    public string Text => node is YamlScalarNode { Value: { } text } ? ComposeVariables.Fill(text, EnvExample.Values) : "";

    public IReadOnlyList<string> Items => node is YamlSequenceNode items ? [.. items.Select(item => new ComposeValue(item).Text)] : [];

    public IReadOnlyDictionary<string, ComposeValue> Members => node is YamlMappingNode map
        ? map.ToDictionary(member => ((YamlScalarNode)member.Key).Value!, member => new ComposeValue(member.Value))
        : new Dictionary<string, ComposeValue>();

    /// <param name="path">Names of members, each within the one before, with dots between.</param>
    public ComposeValue this[string path] => path.Split('.').Aggregate(this, (value, name) => value.Members.GetValueOrDefault(name) ?? new ComposeValue(null));
}
