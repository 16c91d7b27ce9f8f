namespace Actors.Embedded;

/// <summary>Requests in order of arrival, linked through themselves: any of them is removed in constant time and nothing is allocated.</summary>
internal struct RequestList
{
    public Request? First { get; private set; }

    public int Count { get; private set; }

    private Request? _last;

    public void Add(Request request)
    {
        request.Previous = _last;
        request.Next = null;
        if (_last is null)
        {
            First = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
        Count++;
    }

    public void Remove(Request request)
    {
        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            _last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Previous = null;
        request.Next = null;
        Count--;
    }
}
