using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Actors.Patterns;

/// <summary>The text of a prompt, taken apart at its placeholders <c>{{name}}</c>. Pure.</summary>
internal sealed class PromptTemplateText
{
    private const string Opening = "{{";
    private const string Closing = "}}";

    // So many are named in a refusal.
    private const int MaxNamed = 20;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly ImmutableArray<Piece> _pieces;
    private readonly HashSet<string> _names;

    private PromptTemplateText(ImmutableArray<Piece> pieces)
    {
        _pieces = pieces;
        Names = [.. pieces.Where(piece => piece.IsVariable).Select(piece => piece.Text).Distinct()];
        _names = [.. Names];
    }

    /// <summary>Names of its variables, each once, in the order of the text.</summary>
    public ImmutableArray<string> Names { get; }

    /// <exception cref="PatternRefusedException">It has <c>{{</c> that begins no placeholder.</exception>
    public static PromptTemplateText Parse(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var done = 0;
        for (var open = text.IndexOf(Opening, StringComparison.Ordinal); open >= 0; open = text.IndexOf(Opening, done, StringComparison.Ordinal))
        {
            var start = open + Opening.Length;
            var length = text.AsSpan(start).IndexOfAnyExcept(NameCharacters);
            if (length is < 1 or > NewPrompt.MaxVariableLength || !char.IsAsciiLetterLower(text[start])
                || !text.AsSpan(start + length).StartsWith(Closing, StringComparison.Ordinal))
            {
                throw new PatternRefusedException(
                    "malformed_placeholder", $"The {Opening} at character {open + 1} of the text begins no placeholder, such as {{{{name}}}}.");
            }

            pieces.Add(new Piece(text[done..open], IsVariable: false));
            pieces.Add(new Piece(text.Substring(start, length), IsVariable: true));
            done = start + length + Closing.Length;
        }

        pieces.Add(new Piece(text[done..], IsVariable: false));
        return new PromptTemplateText(pieces.DrainToImmutable());
    }

    /// <summary>The text with its placeholders filled in, in one pass: what a value holds is never taken for a placeholder.</summary>
    /// <param name="values">A text for each of <see cref="Names"/>, and no others.</param>
    /// <exception cref="PatternRefusedException">A variable is missing or unknown, or the text gets too long.</exception>
    public string Render(IReadOnlyDictionary<string, string> values)
    {
        Refuse("variable_missing", "These variables of the prompt are not given", Names.Where(name => !values.ContainsKey(name)));
        Refuse("variable_unknown", "The prompt does not have these variables", values.Keys.Where(name => !_names.Contains(name)));
        var length = _pieces.Sum(piece => (long)TextOf(piece).Length);
        if (length > RenderedPrompt.MaxLength)
        {
            throw new PatternRefusedException("prompt_too_long", $"The prompt would have {length} characters; it may have {RenderedPrompt.MaxLength}.");
        }

        var prompt = new StringBuilder((int)length);
        foreach (var piece in _pieces)
        {
            prompt.Append(TextOf(piece));
        }

        return prompt.ToString();

        string TextOf(Piece piece) => piece.IsVariable ? values[piece.Text] : piece.Text;
    }

    /// <summary>Checks a list of variables against those the text has.</summary>
    /// <exception cref="PatternRefusedException">The list lacks one, or has one too many.</exception>
    public void EnsureDeclared(ImmutableArray<string> variables)
    {
        Refuse("undeclared_variable", "These variables of the text are not in variables", Names.Except(variables));
        Refuse("unused_variable", "The text does not have these of variables", variables.Where(name => !_names.Contains(name)));
    }

    /// <summary>Checks the text's variables against those somebody supplies.</summary>
    /// <exception cref="PatternRefusedException">It has others.</exception>
    public void EnsureSupplied(ImmutableArray<string> supplied) =>
        Refuse("variable_not_supplied", $"The service supplies {string.Join(", ", supplied)}, but not", Names.Except(supplied));

    private static void Refuse(string code, string what, IEnumerable<string> names)
    {
        if (names.ToList() is { Count: > 0 } wrong)
        {
            var more = wrong.Count > MaxNamed ? $" and {wrong.Count - MaxNamed} more" : "";
            throw new PatternRefusedException(code, $"{what}: {string.Join(", ", wrong.Take(MaxNamed).Select(Shortened))}{more}.");
        }
    }

    private static string Shortened(string name) => name.Length > NewPrompt.MaxVariableLength ? name[..NewPrompt.MaxVariableLength] + "…" : name;

    private readonly record struct Piece(string Text, bool IsVariable);
}
