using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Actors.Access;
using Actors.Changes;
using Actors.Facts;
using Actors.Patterns;
using Actors.Planning;
using Actors.Promotion;
using Actors.Runs;
using Actors.Sessions;
using Actors.Work;
using Actors.Zep;

namespace Actors.Idempotency;

/// <summary>How grains' answers are kept: JSON, which must stay readable for the 24 hours an answer is kept.</summary>
[JsonSerializable(typeof(ImmutableArray<RememberReceipt>))]
[JsonSerializable(typeof(FactAnswer))]
[JsonSerializable(typeof(KeyReceipt))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(WorkflowRecord))]
[JsonSerializable(typeof(TemplateRecord))]
[JsonSerializable(typeof(BlueprintRecord))]
[JsonSerializable(typeof(MadePlan))]
[JsonSerializable(typeof(PlanTasks))]
[JsonSerializable(typeof(PlanRecord))]
[JsonSerializable(typeof(PromptRecord))]
[JsonSerializable(typeof(TaskRecord))]
[JsonSerializable(typeof(ProjectRecord))]
[JsonSerializable(typeof(SprintRecord))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(OutboxRecord))]
[JsonSerializable(typeof(PromotionRecord))]
public sealed partial class KeptAnswerJson : JsonSerializerContext
{
    /// <summary>Writes an answer to be kept.</summary>
    public static ImmutableArray<byte> Write<T>(T answer, JsonTypeInfo<T> type) =>
        ImmutableArray.Create(JsonSerializer.SerializeToUtf8Bytes(answer, type));

    /// <summary>Reads an answer that was kept.</summary>
    /// <exception cref="JsonException">It is not of that type.</exception>
    public static T Read<T>(KeptAnswer kept, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return JsonSerializer.Deserialize(kept.Body.AsSpan(), type)!;
    }
}
