using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Patterns;

/// <summary>A prompt to store: a text for a language model, with placeholders <c>{{name}}</c>.</summary>
/// <param name="Name">What it is called, for example <c>plan.sop</c>: 1 to 200 characters of <c>a-z 0-9 _ . -</c>, the first a letter.</param>
/// <param name="Template">Its text: 1 to 65,536 characters. Names of placeholders are 1 to 64 characters of <c>a-z 0-9 _</c>, the first a letter.</param>
/// <param name="Purpose">What it is for: at most 8,192 characters.</param>
/// <param name="Variables">The names its placeholders have, in any order; default (not given): whichever they are.</param>
/// <param name="Active">Whether it is the version to send.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewPrompt")]
public sealed record NewPrompt(
    [property: Id(0)] string Name,
    [property: Id(1)] string Template,
    [property: Id(2)] string? Purpose = null,
    [property: Id(3)] ImmutableArray<string> Variables = default,
    [property: Id(4)] bool Active = true,
    [property: Id(5)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Longest text, in characters.</summary>
    public const int MaxTemplateLength = 65_536;

    /// <summary>Longest purpose, in characters.</summary>
    public const int MaxPurposeLength = 8_192;

    /// <summary>Longest name of a variable, in characters.</summary>
    public const int MaxVariableLength = 64;

    /// <summary>Most variables: a placeholder takes five characters of the text.</summary>
    public const int MaxVariables = MaxTemplateLength / 5;
}

/// <summary>What to change of a prompt.</summary>
/// <param name="Template">New text, which becomes the next version; null, or the text it has: none.</param>
/// <param name="Variables">The names the placeholders of its text have; default (not given): whichever they are.</param>
/// <param name="Purpose">New purpose; null: as it is.</param>
/// <param name="Active">Whether it is the version to send; null: as it is, and a new version is.</param>
[GenerateSerializer, Immutable, Alias("PromptChange")]
public sealed record PromptChange(
    [property: Id(0)] string? Template = null,
    [property: Id(1)] ImmutableArray<string> Variables = default,
    [property: Id(2)] Given<string>? Purpose = null,
    [property: Id(3)] bool? Active = null);

/// <summary>A stored version of a prompt.</summary>
/// <param name="Id">Id of this version (UUID version 7).</param>
/// <param name="Name">What the prompt is called.</param>
/// <param name="Version">Which version, from 1.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Template">Its text.</param>
/// <param name="Variables">The names of its placeholders, in the order of the text; or what an operator wrote there.</param>
/// <param name="Active">Whether it is the version to send.</param>
/// <param name="CreatedAt">When this version was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("PromptRecord")]
public sealed record PromptRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] int Version,
    [property: Id(3)] string? Purpose,
    [property: Id(4)] string Template,
    [property: Id(5)] ImmutableArray<string> Variables,
    [property: Id(6)] bool Active,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset UpdatedAt);

/// <summary>Which versions of prompts to list. All filters that are given must hold.</summary>
/// <param name="Name">Of this name.</param>
/// <param name="Active">That are the ones to send, or are not.</param>
/// <param name="Limit">Most versions on the page: 1 to 500.</param>
/// <param name="After">Last version of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("PromptListRequest")]
public sealed record PromptListRequest(
    [property: Id(0)] string? Name,
    [property: Id(1)] bool? Active,
    [property: Id(2)] int Limit,
    [property: Id(3)] Guid? After);

/// <summary>One page of versions of prompts.</summary>
/// <param name="Prompts">The versions.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("PromptPage")]
public sealed record PromptPage([property: Id(0)] ImmutableArray<PromptRecord> Prompts, [property: Id(1)] bool HasMore);

/// <summary>A prompt whose placeholders are filled in.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="Variables">Names of the variables in it, in the order of the text.</param>
[GenerateSerializer, Immutable, Alias("RenderedPrompt")]
public sealed record RenderedPrompt([property: Id(0)] string Prompt, [property: Id(1)] ImmutableArray<string> Variables)
{
    /// <summary>Longest text, in characters: more than a language model takes, and what memory bears.</summary>
    public const int MaxLength = 1_048_576;
}
