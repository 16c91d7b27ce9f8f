namespace Actors.LanguageModels;

/// <summary>Answers that come as a code block of Markdown.</summary>
internal static class CodeBlock
{
    private const string Fence = "```";

    /// <summary>The answer without such marks around it.</summary>
    public static string Without(string answer)
    {
        var text = answer.Trim();
        return text.StartsWith(Fence, StringComparison.Ordinal) && text.EndsWith(Fence, StringComparison.Ordinal) && text.IndexOf('\n') is > 0 and var start && start < text.Length - Fence.Length
            ? text[start..^Fence.Length]
            : text;
    }
}
