using Actors.Support;

namespace Actors.Compose;

/// <summary>A Dockerfile, instruction by instruction, without comments.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<Instruction> instructions) => Instructions = instructions;

    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>Images the stages start from.</summary>
    public IEnumerable<string> Bases => Of("FROM").Select(from => from.Split(' ')[0]);

    /// <summary>What comes after the last FROM.</summary>
    public Dockerfile FinalStage => new([.. Instructions.Skip(Instructions.ToList().FindLastIndex(i => i.Name == "FROM"))]);

    public static Dockerfile Read(string path) => new(
        [.. SourceTree.Read(path).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(parts => new Instruction(parts[0], parts[1]))]);

    public IEnumerable<string> Of(string name) => Instructions.Where(i => i.Name == name).Select(i => i.Arguments);

    public sealed record Instruction(string Name, string Arguments);
}
