using System.Text.RegularExpressions;

namespace Actors.Compose;

/// <summary>Variables in a text as Compose fills them in: <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:?message}</c>; <c>$$</c> is a dollar.</summary>
internal static partial class ComposeVariables
{
    /// <exception cref="KeyNotFoundException">A variable is missing or empty, and the text gives no default.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Variable().Replace(text, use =>
    {
        if (use.Value == "$$")
        {
            return "$";
        }

        var value = values.GetValueOrDefault(use.Groups["name"].Value, "");
        return value.Length > 0 ? value
            : use.Groups["operator"].Value == ":-" ? use.Groups["operand"].Value
            : throw new KeyNotFoundException($"{use.Value}: {use.Groups["operand"].Value}");
    });

    public static IEnumerable<Use> In(string text) => Variable().Matches(text).Where(use => use.Groups["name"].Success)
        .Select(use => new Use(use.Groups["name"].Value, use.Groups["operator"].Value, use.Groups["operand"].Value));

    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Z_]+)((?<operator>:[-?])(?<operand>[^}]*))?\}")]
    private static partial Regex Variable();

    public sealed record Use(string Name, string Operator, string Operand);
}
