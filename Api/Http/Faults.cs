using System.ComponentModel;

namespace Actors.Http;

[Description("One thing wrong with a request.")]
internal sealed record Fault(
    [Description("JSON pointer into the body, or `query:name`, `path:name`, `header:name` or `line:number`.")] string Pointer,
    [Description("What is expected there.")] string Detail);

/// <summary>Takes what is wrong with the parameters of a query string, or the members of a body.</summary>
internal interface IFieldFaults
{
    /// <param name="name">The parameter or member.</param>
    /// <param name="detail">What is expected there.</param>
    void Fault(string name, string detail);
}

/// <summary>Collects what is wrong with a request, so that one answer names it all.</summary>
internal sealed class Faults
{
    /// <summary>An answer lists at most this many; a thousand faulty memories need no thousand lines.</summary>
    public const int MaxReported = 100;

    private List<Fault>? _faults;

    public bool Any => _faults is not null;

    public void Add(string pointer, string detail)
    {
        _faults ??= [];
        if (_faults.Count < MaxReported)
        {
            _faults.Add(new Fault(pointer, detail));
        }
    }

    /// <exception cref="InvalidRequestException">Something was added.</exception>
    public void ThrowIfAny()
    {
        if (_faults is not null)
        {
            throw new InvalidRequestException(_faults);
        }
    }
}

/// <summary>The request has the wrong shape: 400.</summary>
internal sealed class InvalidRequestException(IReadOnlyList<Fault> faults) : Exception("The request has the wrong shape.")
{
    public InvalidRequestException(string pointer, string detail)
        : this([new Fault(pointer, detail)])
    {
    }

    public IReadOnlyList<Fault> Faults { get; } = faults;
}
