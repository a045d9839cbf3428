"""The fault campaign: whole conversations against the real actions while everything goes wrong.

Simulated customers with a known wish talk to the assistant; a seeded plan makes the contact centre
refuse, stall, break off or die, before or after a booking took effect. Afterwards what the
customers were told is compared with what the contact centre holds. Whatever was told must be true.

```
python -m campaign                      # about five minutes
python -m campaign --minutes 60 --seed 7
```
"""
