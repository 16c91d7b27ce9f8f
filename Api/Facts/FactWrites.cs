using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Idempotency;

namespace Actors.Facts;

/// <summary>What all writes of facts have in common: the subject they go to, the author they name, and that they may be repeated.</summary>
internal sealed class FactWrites(FactOwners owners, IdempotentWrites writes, IGrainFactory grains)
{
    public IFactSubjectGrain GrainOf(FactSubject subject) => grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(subject));

    /// <summary>Writes a new fact: 201.</summary>
    public Task<IResult> CreateAsync(
        HttpContext http, Caller caller, JsonElement body, FactSubject subject, Func<FactAuthor, Task<FactAnswer>> write) =>
        RunAsync(http, caller, body, subject, StatusCodes.Status201Created, write);

    /// <summary>Writes to a fact that is there: 200.</summary>
    /// <exception cref="FactNotFoundException">There never was such a fact, or the caller may not see it.</exception>
    /// <exception cref="ForbiddenException">The fact is shared, and the caller no admin.</exception>
    public Task<IResult> WriteAsync(
        string id, HttpContext http, Caller caller, JsonElement body, Func<FactSubject, Guid, FactAuthor, Task<FactAnswer>> write) =>
        owners.AskAsync(
            id,
            caller,
            (subject, factId) => RunAsync(http, caller, body, subject, StatusCodes.Status200OK, author => write(subject, factId, author)),
            http.RequestAborted);

    private Task<IResult> RunAsync(
        HttpContext http, Caller caller, JsonElement body, FactSubject subject, int status, Func<FactAuthor, Task<FactAnswer>> write) =>
        writes.RunAsync(
            http, caller, body, subject.ClientId, KeptAnswerJson.Default.FactAnswer,
            key => write(new FactAuthor(caller.Name, key)),
            answer =>
            {
                owners.Keep(answer.Fact.Id, answer.Fact.Subject);
                return new WholeAnswer<FactView>(FactView.Of(answer), ApiJson.Answers.FactView, status);
            });
}
