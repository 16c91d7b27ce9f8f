using Actors.Access;
using Actors.Clients;
using Microsoft.Extensions.Caching.Memory;

namespace Actors.Facts;

/// <summary>
/// Which subject a fact belongs to. Kept for the facts written last, since only an operator changes it, by SQL; then the
/// subject that was asked does not have it, and the answer is looked up once more. That an id is nobody's is not kept: it may
/// be recorded the next moment.
/// </summary>
internal sealed class FactOwners : IDisposable
{
    private const int MaxKeptCharacters = 8 * 1024 * 1024;

    // What an entry takes beside its text, in characters.
    private const int EntrySize = 100;
    private readonly MemoryCache _owners = new(new MemoryCacheOptions { SizeLimit = MaxKeptCharacters });
    private readonly IGrainFactory _grains;

    // What a subject is called may say who it is.
    public FactOwners(IGrainFactory grains, ErasureSignal erasures)
    {
        _grains = grains;
        erasures.Erased += _owners.Clear;
    }

    /// <summary>
    /// Finds the subject a fact belongs to, for a write. What the caller may not see takes the same steps as what is not there.
    /// </summary>
    /// <param name="id">Fact id as the caller wrote it.</param>
    /// <param name="caller">Who writes.</param>
    /// <param name="ask">What to ask the subject.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="FactNotFoundException">There never was such a fact, or the caller may not see it.</exception>
    /// <exception cref="ForbiddenException">The fact is shared, and the caller no admin.</exception>
    public async Task<T> AskAsync<T>(
        string id, Caller caller, Func<FactSubject, Guid, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var factId))
        {
            throw new FactNotFoundException();
        }

        if (_owners.TryGetValue(factId, out FactSubject? known) && MayWrite(caller, known!))
        {
            try
            {
                return await ask(known!, factId);
            }
            catch (FactNotFoundException)
            {
                _owners.Remove(factId);
            }
        }

        var subject = await _grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key).FindSubjectAsync(factId, cancellationToken);
        if (subject is null || !caller.MayRead(subject.ClientId))
        {
            throw new FactNotFoundException();
        }

        if (!MayWrite(caller, subject))
        {
            throw new ForbiddenException("role_forbidden", "Shared facts are written with admin keys.");
        }

        Keep(factId, subject);
        return await ask(subject, factId);
    }

    /// <summary>Keeps the subject of a fact that was just written: the next write often goes to it, and then need not look.</summary>
    public void Keep(Guid factId, FactSubject subject)
    {
        var size = EntrySize + (subject.ClientId?.Length ?? 0) + subject.Type.Length + subject.Id.Length;
        _owners.Set(factId, subject, new MemoryCacheEntryOptions { Size = size });
    }

    private static bool MayWrite(Caller caller, FactSubject subject) =>
        caller.IsAdmin || (subject.ClientId is not null && caller.MayRead(subject.ClientId));

    public void Dispose() => _owners.Dispose();
}
