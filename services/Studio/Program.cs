Console.Error.WriteLine("usage: studio <prompt> <out>");
return 2;
