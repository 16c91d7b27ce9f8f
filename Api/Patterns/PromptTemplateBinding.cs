using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;

namespace Actors.Patterns;

/// <summary>Reads requests about prompt templates.</summary>
internal static class PromptTemplateBinding
{
    /// <summary>What a name looks like.</summary>
    public const string NamePattern = "^[a-z][a-z0-9_.-]*$";

    public static NewPrompt New(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var name = body.Text("name", NewPrompt.MaxNameLength, required: true);
        if (name is not null && !IsName(name))
        {
            body.Fault("name", "must be a-z, 0-9, _, . and -, beginning with a letter");
        }

        var prompt = new NewPrompt(
            name ?? "",
            body.Text("template", NewPrompt.MaxTemplateLength, required: true) ?? "",
            body.Text("purpose", NewPrompt.MaxPurposeLength),
            VariablesOf(body),
            body.Flag("active") ?? true);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return prompt;
    }

    /// <summary>What is not there stays; null takes a purpose away.</summary>
    public static PromptChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new PromptChange(
            body.Has("template") ? body.Text("template", NewPrompt.MaxTemplateLength, required: true) : null,
            VariablesOf(body),
            body.Given("purpose", name => body.Text(name, NewPrompt.MaxPurposeLength)),
            body.Flag("active"));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static PromptListRequest List(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new PromptListRequest(
            query.Text("name", NewPrompt.MaxNameLength),
            query.Flag("active"),
            query.Integer("limit", 1, PatternBinding.MaxPage) ?? PatternBinding.DefaultPage,
            IdCursors.Read(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    /// <summary>The texts to fill into a prompt, by variable.</summary>
    public static ImmutableDictionary<string, string> Values(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (body.Any("variables") is { } variables && JsonObjectReader.For(variables, "/variables", faults) is { } named)
        {
            foreach (var variable in variables.EnumerateObject())
            {
                // An empty one is a value here.
                if (variable.Value.ValueKind == JsonValueKind.String)
                {
                    values[variable.Name] = variable.Value.GetString()!;
                }
                else
                {
                    named.Fault(variable.Name, "must be a string");
                }
            }
        }

        body.RefuseOthers();
        faults.ThrowIfAny();
        return values.ToImmutable();
    }

    private static bool IsName(string text) =>
        char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' or '-');

    // Default: not given.
    private static ImmutableArray<string> VariablesOf(JsonObjectReader body)
    {
        if (body.Any("variables") is not { } list)
        {
            return default;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > NewPrompt.MaxVariables)
        {
            body.Fault("variables", $"must be an array of at most {NewPrompt.MaxVariables} names");
            return default;
        }

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= NewPrompt.MaxVariableLength } name)
            {
                names.Add(name);
            }
            else
            {
                body.FaultAt("variables", index, $"must be a name of 1 to {NewPrompt.MaxVariableLength} characters");
            }
        }

        return names.ToImmutable();
    }
}
