using System.Text.Json.Nodes;

namespace Actors.OpenApi;

/// <summary>A parameter, or a member of a JSON body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What it may hold: one of <see cref="Schemas"/>.</param>
/// <param name="Description">What it means.</param>
/// <param name="Example">A value it may have.</param>
internal sealed record Field(string Name, JsonObject Schema, string Description, JsonNode Example)
{
    public bool IsRequired { get; init; }

    /// <summary>Whether a member that is not required may be JSON null, which nearly always counts as absent.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>Whether the page to try the API fills the example in; false where it would not fit the other examples.</summary>
    public bool IsFilledIn { get; init; } = true;

    /// <summary>What absence means; null: what the description says.</summary>
    public JsonNode? Default { get; init; }
}
