-- p_two_sided: the probability of a standard normal value at least as far from 0 as z. Near 0 the series of the error
-- function (Abramowitz & Stegun 7.1.6), beyond it Craig's integral (1991) by the midpoint rule; both to 1e-13.
create or replace macro p_two_sided(z) as
    case
        when z is null or isnan(z) then null
        when z = 0 then 1.0
        when abs(z) < 4 then greatest(0, 1 - 2 / sqrt(pi()) * exp(-z * z / 2) * list_sum(list_transform(range(0, 100),
            lambda n: exp(n * ln(2) + (2 * n + 1) * ln(abs(z) / sqrt(2)) - (n + 1) * ln(2) - lgamma(n + 1.5) + ln(pi()) / 2))))
        else list_avg(list_transform(range(1, 257), lambda i: exp(-z * z / 2 / power(sin((i - 0.5) * pi() / 512), 2))))
    end;
