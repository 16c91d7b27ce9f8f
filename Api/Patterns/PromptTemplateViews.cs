using System.ComponentModel;

namespace Actors.Patterns;

[Description("A version of a prompt.")]
internal sealed record PromptView(
    [Description("Id of this version.")] Guid PromptTemplateId,
    [Description("What the prompt is called.")] string Name,
    [Description("Which version, from 1.")] int Version,
    [Description("What it is for; null: not said.")] string? Purpose,
    [Description("Its text, with placeholders `{{name}}`.")] string Template,
    [Description("Names of its placeholders, in the order of the text.")] string[] Variables,
    [Description("Whether it is the version that is sent.")] bool Active,
    [Description("When this version was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static PromptView Of(PromptRecord prompt) => new(
        prompt.Id,
        prompt.Name,
        prompt.Version,
        prompt.Purpose,
        prompt.Template,
        [.. prompt.Variables],
        prompt.Active,
        prompt.CreatedAt,
        prompt.UpdatedAt);
}

[Description("One page of versions of prompts.")]
internal sealed record PromptList(
    [Description("Newest first.")] PromptView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("A prompt as it would be sent.")]
internal sealed record RenderedView(
    [Description("The text, its placeholders filled in.")] string Prompt,
    [Description("Names of the variables in it, in the order of the text.")] string[] VariablesUsed);
